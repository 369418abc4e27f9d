"""Reads Ashby into a DuckDB file with PyAirbyte. Run it again and it fetches what changed since.

    pip install airbyte==0.71.3
    ASHBY_API_KEY=... AIRBYTE_OFFLINE_MODE=1 python read.py

AIRBYTE_OFFLINE_MODE=1 keeps PyAirbyte from looking for the connector in Airbyte's registry, where it is not listed.
"""

import os
from pathlib import Path

import airbyte as ab

# What runs the connector: the image, or SOURCE_ASHBY=/path/to/bin/source-ashby.
executable = os.environ.get("SOURCE_ASHBY")
runs = {"local_executable": Path(executable)} if executable else {"docker_image": os.environ.get("IMAGE", "source-ashby:latest")}

# "*" for all tables that Ashby has, or names; live_keys makes every run read the lists whole.
tables = os.environ.get("TABLES", "*")

ashby = ab.get_source(
    "source-ashby",
    config={"api_key": os.environ["ASHBY_API_KEY"]},
    **runs,
)
ashby.select_streams([name for name in ashby.get_available_streams() if name != "live_keys"] if tables == "*" else tables.split(","))
ashby.check()

cache = ab.caches.DuckDBCache(db_path="warehouse.duckdb", schema_name="ashby")
result = ashby.read(cache=cache)
print(f"{result.processed_records} rows came")
for name, dataset in result.streams.items():
    print(f"{name}: {len(dataset)} rows in the table")
