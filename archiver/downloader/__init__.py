"""What stands between the crawl and the network, or between the crawl and saved pages."""
