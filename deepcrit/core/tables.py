"""Typed tables: every table the workflow writes is declared here, checked when written and when read.

Bulk tables are Parquet with provenance in the file's metadata; small ones are TSV. Files are written aside and
renamed, so that a table is either whole or absent.
"""

from __future__ import annotations

import functools
import hashlib
import secrets
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from deepcrit.core.schema import Column, Schema

CHECKSUM = "deepcrit-checksum"  # of columns and provenance, key of its own in the metadata of a Parquet table
_ROWS_AT_A_TIME = 8  # of snapshots of networks, the largest rows there are
PROVENANCE_PREFIX = "deepcrit."
REMEDY = "delete it to have it made again"


class TableError(ValueError):
    """A table that does not hold what its schema declares, or a file that is not whole."""


def check_table(frame: pd.DataFrame, schema: Schema, source: str = "table") -> pd.DataFrame:
    """Return the frame with declared columns in declared order and type.

    Raises:
        TableError: naming the column, what was found and what was expected.
    """
    columns = schema.columns
    missing = [column.name for column in columns if column.name not in frame.columns]
    if missing:
        raise TableError(f"{source}: column {missing[0]!r} of {schema.name} is missing, found {list(frame.columns)}")
    unknown = [name for name in frame.columns if name not in {column.name for column in columns}]
    if unknown:
        raise TableError(f"{source}: column {unknown[0]!r} is not part of {schema.name}")
    return pd.DataFrame({column.name: _typed(frame[column.name], column, schema, source) for column in columns})


def _typed(values: pd.Series, column: Column, schema: Schema, source: str) -> pd.Series:
    where = f"{source}: column {column.name!r} of {schema.name}"
    if column.kind == "text":
        return values.fillna("").astype(str)
    if column.kind == "profile" or column.kind == "singles":
        return values
    try:
        if column.kind == "bool" and not pd.api.types.is_bool_dtype(values):
            known = values.map({"True": True, "False": False, True: True, False: False})
            if known.isna().any():
                raise ValueError(f"found {values[known.isna()].iloc[0]!r}")
            return known.astype(bool)
        numbers = values if column.kind == "float64" else pd.to_numeric(values)
        with np.errstate(invalid="ignore"):
            typed = numbers.astype(column.kind)
    except (TypeError, ValueError, OverflowError) as error:
        raise TableError(f"{where}: expected {column.kind}, {error}") from error
    if column.kind in ("int32", "int64") and (typed != numbers).any():
        changed = numbers[typed != numbers].iloc[0]
        raise TableError(f"{where}: found {changed}, expected whole numbers that {column.kind} holds")
    if column.kind == "float64" and not column.nullable and not np.isfinite(typed.to_numpy()).all():
        raise TableError(f"{where}: found a value that is not finite, expected finite {column.kind}")
    return typed


@contextmanager
def written_aside(path: str | Path) -> Iterator[Path]:
    """A temporary path beside ``path``, renamed onto it when the block ends well and removed otherwise.

    Who may read it is up to the umask, as of any file.
    """
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    aside.touch(exist_ok=False)
    try:
        yield aside
        aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)


def write_tsv(frame: pd.DataFrame, path: str | Path, schema: Schema) -> None:
    """Write a small table. Floats keep twelve significant digits; a missing value is an empty field."""
    checked = check_table(frame, schema, str(path))
    with written_aside(path) as aside:
        checked.to_csv(aside, sep="\t", index=False, float_format="%.12g", lineterminator="\n")


def read_tsv(path: str | Path, schema: Schema) -> pd.DataFrame:
    """Read a small table.

    Raises:
        TableError: if the file ends within a line, or does not hold the declared columns.
    """
    if not Path(path).read_bytes().endswith(b"\n"):
        raise TableError(f"{path}: not a whole TSV table (its last line has no end); {REMEDY}")
    texts = {column.name: str for column in schema.columns if column.kind == "text"}
    try:
        frame = pd.read_csv(path, sep="\t", dtype=texts, na_values=[""], keep_default_na=False)
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise TableError(f"{path}: not a whole TSV table ({error}); {REMEDY}") from error
    for column in schema.columns:
        if column.name in frame.columns and column.kind == "float64":
            try:
                frame[column.name] = pd.to_numeric(frame[column.name])
            except ValueError as error:
                raise TableError(
                    f"{path}: column {column.name!r} of {schema.name}: expected {column.kind}, {error}; {REMEDY}"
                ) from error
    return check_table(frame, schema, str(path))


def write_parquet(frame: pd.DataFrame, path: str | Path, schema: Schema, provenance: Mapping[str, str]) -> None:
    """Write a bulk table with its provenance in the metadata."""
    told = {f"{PROVENANCE_PREFIX}{key}": value for key, value in sorted(provenance.items())}
    told |= {f"{PROVENANCE_PREFIX}schema": schema.name}
    arrow = _with_checksum(_arrow_schema(schema).with_metadata(told))
    table = pa.Table.from_pandas(check_table(frame, schema, str(path)), schema=arrow, preserve_index=False)
    # from_pandas adds a description of the frame; the declared metadata is all there should be
    table = table.replace_schema_metadata(arrow.metadata)
    with written_aside(path) as aside:
        _write(table, aside)


def is_whole(path: str | Path) -> bool:
    """Is a Parquet table what :func:`write_parquet` wrote?

    Checksums of pages guard the rows and one of its own the provenance. What else the file says of them is compared,
    byte for byte, with what is written for the same rows, unless another version of Arrow wrote it.
    """
    try:
        table = pq.read_table(path, page_checksum_verification=True)
    except (pa.ArrowException, OSError, ValueError):
        return False
    told = {key: value for key, value in (table.schema.metadata or {}).items() if key != CHECKSUM.encode()}
    if table.schema.metadata != _with_checksum(table.schema.with_metadata(told)).metadata:
        return False
    again = pa.BufferOutputStream()
    _write(table.combine_chunks(), again)
    written = again.getvalue()
    if pq.read_metadata(path).created_by != pq.read_metadata(pa.BufferReader(written)).created_by:
        return True  # by another version of Arrow, which need not write the same bytes; the checksums hold
    return written.to_pybytes() == Path(path).read_bytes()


def _write(table: pa.Table, where: Path | pa.BufferOutputStream) -> None:
    pq.write_table(table, where, compression="zstd", write_page_checksum=True)


def _with_checksum(schema: pa.Schema) -> pa.Schema:
    """The schema with a checksum of all it says in its metadata."""
    checksum = hashlib.sha256(schema.serialize().to_pybytes()).hexdigest()[:16]
    return schema.with_metadata({**(schema.metadata or {}), CHECKSUM: checksum})


def read_parquet(
    path: str | Path,
    schema: Schema,
    columns: list[str] | None = None,
    where: Mapping[str, Collection[str | int]] | None = None,
) -> pd.DataFrame:
    """Read a bulk table, or some of its columns or rows.

    Args:
        path: of the table.
        schema: that it is declared with.
        columns: those wanted; all, if None.
        where: values that some columns have in the rows wanted. Of others the file's bytes are held, and no more,
            also where the table is one block, of which filters of Parquet hold all rows.

    Raises:
        TableError: naming the file, if it is truncated, edited, or of another schema.
    """
    try:
        if where is None:
            table = pq.read_table(path, columns=columns, page_checksum_verification=True)
        else:
            table = _rows_of(path, columns, where)
    except (pa.ArrowInvalid, OSError) as error:
        raise TableError(f"{path}: not a whole Parquet table ({error}); {REMEDY}") from error
    declared = _arrow_schema(schema)
    expected = declared if columns is None else pa.schema([declared.field(name) for name in columns])
    if not table.schema.equals(expected):
        raise TableError(f"{path}: found columns {table.schema.names}, expected {schema.name}: {expected.names}")
    return table.to_pandas()


def _rows_of(path: str | Path, columns: list[str] | None, where: Mapping[str, Collection[str | int]]) -> pa.Table:
    with pq.ParquetFile(path, page_checksum_verification=True) as file:
        names = file.schema_arrow.names if columns is None else columns
        if not {*where, *names} <= {*file.schema_arrow.names}:
            return file.schema_arrow.empty_table()  # of another schema, which is told by its columns
        parts = []
        for batch in file.iter_batches(_ROWS_AT_A_TIME, columns=list({*where, *names})):
            chosen = [
                pc.is_in(values := batch.column(name), pa.array(list(wanted), values.type))
                for name, wanted in where.items()
            ]
            found = batch.filter(functools.reduce(pc.and_, chosen)).select(names)
            if found.num_rows:
                parts.append(found)
        return pa.Table.from_batches(parts, pa.schema([file.schema_arrow.field(name) for name in names]))


def read_provenance(path: str | Path) -> dict[str, str]:
    """Provenance of a Parquet table, without reading its rows.

    Raises:
        TableError: naming the file, if it is truncated.
    """
    try:
        metadata = pq.read_schema(path).metadata or {}
    except (pa.ArrowInvalid, OSError) as error:
        raise TableError(f"{path}: not a whole Parquet table ({error}); {REMEDY}") from error
    return {
        key.decode().removeprefix(PROVENANCE_PREFIX): value.decode()
        for key, value in metadata.items()
        if key.decode().startswith(PROVENANCE_PREFIX)
    }


def _arrow_schema(schema: Schema) -> pa.Schema:
    kinds = {
        "text": pa.string(),
        "bool": pa.bool_(),
        "int32": pa.int32(),
        "int64": pa.int64(),
        "float64": pa.float64(),
        # as Parquet calls what a list holds; by another name a table that is read and written is not the same bytes
        "profile": pa.list_(pa.field("element", pa.float64())),
        "singles": pa.list_(pa.field("element", pa.float32())),
    }
    return pa.schema(
        [
            pa.field(column.name, kinds[column.kind], metadata={"unit": column.unit, "what": column.what})
            for column in schema.columns
        ]
    )
