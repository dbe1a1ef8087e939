{{ config(materialized='table') }}
select {{ dbt.dateadd('day', 3, "date '2024-01-30'") }} as dateadd, {{ dateadd(datepart='month', interval=1, from_date_or_timestamp="timestamp '2024-01-31 10:00:00'") }} as dateadd2,
  {{ datediff("date '2024-01-01'", "date '2024-03-01'", 'month') }} as datediff, {{ dbt.datediff("timestamp '2024-01-01 23:59:59'", "timestamp '2024-01-02 00:00:01'", 'day') }} as datediff2,
  {{ dbt.date_trunc('week', "timestamp '2024-01-31 10:00:00'") }} as trunc, {{ dbt.last_day("date '2024-02-10'", 'month') }} as last_day, {{ dbt.last_day("date '2024-02-10'", 'quarter') }} as last_q,
  {{ dbt.concat(["'a'", "'b'", "'c'"]) }} as concat, {{ dbt.hash("'x'") }} as hash, {{ dbt.split_part("'a,b,c'", "','", 2) }} as sp, {{ dbt.split_part("'a,b,c'", "','", -1) }} as sp2,
  {{ dbt.length("'abc'") }} as len, {{ dbt.position("'b'", "'abc'") }} as pos, {{ dbt.replace("'abc'", "'b'", "'x'") }} as rep, {{ dbt.right("'abc'", 2) }} as rgt,
  {{ dbt.safe_cast("'x'", api.Column.translate_type('integer')) }} as safe, {{ dbt.cast("'7'", dbt.type_int()) }} as cast_, {{ dbt.string_literal('lit') }} as lit, {{ dbt.cast_bool_to_text("true") }} as bt,
  '{{ dbt.escape_single_quotes("it's") }}' as esc, {{ dbt.array_construct(['1', '2']) }} as arr, {{ dbt.array_append(dbt.array_construct(['1']), '2') }} as arr2, {{ dbt.array_concat(dbt.array_construct(['1']), dbt.array_construct(['3'])) }} as arr3,
  cast('2024-01-01' as {{ dbt.type_timestamp() }}) as ts, cast(1 as {{ dbt.type_bigint() }}) as big, cast(1 as {{ dbt.type_numeric() }}) as num, cast(1 as {{ dbt.type_float() }}) as flt, cast('a' as {{ dbt.type_string() }}) as str, cast(1 as {{ dbt.type_boolean() }}) as bool_,
  {{ dbt.date(2024, 2, 29) }} as date_
