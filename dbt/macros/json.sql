{# The few things that dbt's own macros do not cover: objects, lists, percentiles. One answer for each database. #}

{% macro type_json() %}{{ return(adapter.dispatch('type_json', 'ashby')()) }}{% endmacro %}
{% macro default__type_json() %}json{% endmacro %}
{% macro postgres__type_json() %}jsonb{% endmacro %}
{% macro snowflake__type_json() %}variant{% endmacro %}

{% macro as_json(column) %}{{ return(adapter.dispatch('as_json', 'ashby')(column)) }}{% endmacro %}
{% macro default__as_json(column) %}cast({{ column }} as json){% endmacro %}
{% macro postgres__as_json(column) %}cast({{ column }} as jsonb){% endmacro %}
{% macro snowflake__as_json(column) %}to_variant({{ column }}){% endmacro %}
{% macro bigquery__as_json(column) %}{{ column }}{% endmacro %}

{# The keys as a path: a.b[0] for ['a', 'b', '0']. #}
{% macro json_path(keys) -%}
{%- for key in keys -%}{%- if key | int(-1) >= 0 -%}[{{ key }}]{%- else -%}{{ '.' if not loop.first }}{{ key }}{%- endif -%}{%- endfor -%}
{%- endmacro %}

{# The text below some keys of an object; null where there is none. #}
{% macro json_text(column, keys) %}{{ return(adapter.dispatch('json_text', 'ashby')(column, keys)) }}{% endmacro %}
{% macro default__json_text(column, keys) %}json_extract_string(cast({{ column }} as json), '$.{{ ashby.json_path(keys) }}'){% endmacro %}
{% macro postgres__json_text(column, keys) %}(cast({{ column }} as jsonb) #>> '{{ '{' ~ (keys | join(',')) ~ '}' }}'){% endmacro %}
{% macro snowflake__json_text(column, keys) %}to_varchar(get_path(to_variant({{ column }}), '{{ ashby.json_path(keys) }}')){% endmacro %}
{% macro bigquery__json_text(column, keys) %}json_value({{ column }}, '$.{{ ashby.json_path(keys) }}'){% endmacro %}

{# Goes behind a table in FROM: one row for each element of a list. The element is called ashby_item. #}
{% macro each_item(column) %}{{ return(adapter.dispatch('each_item', 'ashby')(column)) }}{% endmacro %}
{% macro default__each_item(column) %}cross join unnest(json_extract({{ column }}, '$[*]')) as items(ashby_item){% endmacro %}
{% macro postgres__each_item(column) %}cross join lateral jsonb_array_elements(case when jsonb_typeof({{ column }}) = 'array' then {{ column }} end) as items(ashby_item){% endmacro %}
{% macro snowflake__each_item(column) %}cross join lateral (select value as ashby_item from table(flatten(input => {{ column }}))) as items{% endmacro %}
{% macro bigquery__each_item(column) %}cross join unnest(json_query_array({{ column }})) as ashby_item{% endmacro %}

{# An instant with a time zone, as UTC without one. #}
{% macro in_utc(column) %}{{ return(adapter.dispatch('in_utc', 'ashby')(column)) }}{% endmacro %}
{% macro default__in_utc(column) %}({{ column }} at time zone 'UTC'){% endmacro %}
{% macro snowflake__in_utc(column) %}cast(convert_timezone('UTC', {{ column }}) as timestamp_ntz){% endmacro %}
{% macro bigquery__in_utc(column) %}{{ column }}{% endmacro %}

{# Interpolated, as Postgres's percentile_cont. #}
{% macro percentile(column, share) %}{{ return(adapter.dispatch('percentile', 'ashby')(column, share)) }}{% endmacro %}
{% macro default__percentile(column, share) %}percentile_cont({{ share }}) within group (order by {{ column }}){% endmacro %}
{% macro bigquery__percentile(column, share) %}approx_quantiles({{ column }}, 100)[offset({{ (share * 100) | int }})]{% endmacro %}

{% macro days_between(from_column, until_column) %}({{ dbt.datediff(from_column, until_column, 'second') }} / 86400.0){% endmacro %}
