"""Reading saved pages: fixture trees and WARC files."""
