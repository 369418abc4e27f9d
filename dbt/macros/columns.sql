{# What of Ashby's rows a model takes, whatever the destination calls the columns and however it keeps objects. #}

{#
  The one select of a staging model. `fields` maps the name of a column to [type, the connector's column, keys within
  it …]. Of several rows with one key the newest counts, and none once it is a tombstone. A table that is not there
  gives the same columns and no rows.
#}
{% macro stage(table, fields, key=['id']) %}
{%- set relation = ashby.relation(table) -%}
{%- if relation is none -%}
select
{%- for name, field in fields.items() %}
    cast(null as {{ ashby.type_of(field[0]) }}) as {{ name }}{{ ',' if not loop.last }}
{%- endfor %}
from (select 1 as nothing) as nothing
where 1 = 0
{%- else -%}
{%- set columns = ashby.columns_of(relation) -%}
{%- set order = [] -%}
{%- for column in ['_ab_cdc_updated_at', '_airbyte_extracted_at', '_sdc_batched_at'] if column in columns -%}
{%- do order.append(adapter.quote(columns[column].name) ~ ' desc nulls last') -%}
{%- endfor -%}
{%- set deleted = ['_ab_cdc_deleted_at', '_sdc_deleted_at'] | select('in', columns) | list -%}
with newest as (
    select
        *
        {%- if order %},
        row_number() over (
            partition by {% for part in key %}{{ adapter.quote(columns[part | lower].name) }}{{ ', ' if not loop.last }}{% endfor %}
            order by {{ order | join(', ') }}
        ) as ashby_newest
        {%- endif %}
    from {{ relation }}
)
select
{%- for name, field in fields.items() %}
    {{ ashby.taken(columns, field) }} as {{ name }}{{ ',' if not loop.last }}
{%- endfor %}
from newest
where 1 = 1
{%- if order %} and ashby_newest = 1{% endif %}
{%- for column in deleted %} and {{ adapter.quote(columns[column].name) }} is null{% endfor %}
{%- endif -%}
{% endmacro %}

{# The table of the connector as it is in the database, or none; says so once where it is not there. #}
{% macro relation(table) %}
{%- set declared = source('ashby', table) -%}
{%- if not execute -%}{{ return(none) }}{%- endif -%}
{%- if table in var('ashby_missing_tables') -%}{{ return(none) }}{%- endif -%}
{%- set found = adapter.get_relation(database=declared.database, schema=declared.schema, identifier=declared.identifier) -%}
{%- if found is none -%}
{{ log('ashby: there is no table ' ~ declared ~ '. What comes from it stays empty.', info=true) }}
{%- endif -%}
{{ return(found) }}
{% endmacro %}

{# Columns by their name in lower case: destinations keep, lower or raise the case of letters. #}
{% macro columns_of(relation) %}
{%- set columns = {} -%}
{%- for column in adapter.get_columns_in_relation(relation) -%}
{%- do columns.update({column.name | lower: column}) -%}
{%- endfor -%}
{{ return(columns) }}
{% endmacro %}

{% macro taken(columns, field) %}
{%- set type = ashby.type_of(field[0]) -%}
{%- set column = columns.get(field[1] | lower) -%}
{%- if column is none -%}
cast(null as {{ type }})
{%- elif field | length > 2 -%}
{%- set text = ashby.json_text(adapter.quote(column.name), field[2:]) -%}
{%- if field[0] == 'string' -%}{{ text }}{%- else -%}cast({{ text }} as {{ type }}){%- endif -%}
{%- elif field[0] == 'json' -%}
{{ ashby.as_json(adapter.quote(column.name)) }}
{%- elif field[0] == 'timestamp' and ('with time zone' in column.dtype | lower or 'timestamptz' in column.dtype | lower or 'timestamp_tz' in column.dtype | lower) -%}
{{ ashby.in_utc(adapter.quote(column.name)) }}
{%- else -%}
cast({{ adapter.quote(column.name) }} as {{ type }})
{%- endif -%}
{% endmacro %}

{% macro type_of(type) %}
{%- if type == 'string' -%}{{ dbt.type_string() }}
{%- elif type == 'timestamp' -%}{{ dbt.type_timestamp() }}
{%- elif type == 'boolean' -%}{{ dbt.type_boolean() }}
{%- elif type == 'integer' -%}{{ dbt.type_int() }}
{%- elif type == 'number' -%}{{ dbt.type_float() }}
{%- elif type == 'date' -%}date
{%- elif type == 'json' -%}{{ ashby.type_json() }}
{%- else -%}{{ exceptions.raise_compiler_error('ashby: no such type: ' ~ type) }}
{%- endif -%}
{% endmacro %}
