"""Files whose checksums are known, fetched from wherever they can be had; :data:`datasets.DATASETS` names them."""
