"""Data sets, fetched from wherever they can be had and accepted by checksum."""
