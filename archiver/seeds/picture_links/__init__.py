"""The pictures that a seed shows: where their addresses stand, and other addresses put in their places."""

from archiver.seeds.picture_links.links import PictureLink, PictureLinks, find_links
from archiver.seeds.picture_links.rewrite import is_plain_address, rewrite_links

__all__ = ["PictureLink", "PictureLinks", "find_links", "is_plain_address", "rewrite_links"]
