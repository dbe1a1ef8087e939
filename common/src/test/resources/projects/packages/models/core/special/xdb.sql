select
  {{ dbt.type_string() }} | {{ dbt.type_int() }} | {{ type_numeric() }} | {{ dbt.type_timestamp() }} | {{ dbt.type_float() }} | {{ dbt.type_bigint() }} | {{ dbt.type_boolean() }},
  {{ dbt.concat(['a', 'b']) }}, {{ dbt.hash('a') }}, {{ dbt.length('a') }}, {{ dbt.position("'x'", 'a') }}, {{ dbt.replace('a', "'x'", "'y'") }}, {{ dbt.right('a', 3) }},
  {{ dbt.split_part('a', "','", 2) }}, {{ dbt.string_literal("it") }}, {{ dbt.escape_single_quotes("it's") }}, {{ dbt.listagg('a', "', '", 'order by b') }}, {{ dbt.listagg('a', "', '", 'order by b', 3) }},
  {{ dbt.any_value('a') }}, {{ dbt.bool_or('a') }}, {{ dbt.array_append('a', 1) }}, {{ dbt.array_concat('a', 'b') }}, {{ dbt.array_construct([1, 2]) }}, {{ dbt.array_construct([]) }},
  {{ dbt.cast('a', 'int') }}, {{ dbt.safe_cast('a', 'int') }}, {{ dbt.cast_bool_to_text('a') }}, {{ dbt.date(2024, 1, 2) }}, {{ dbt.date_trunc('month', 'a') }}, {{ dbt.last_day('a', 'month') }},
  {{ dbt.current_timestamp() }}, {{ dbt.datediff('a', 'b', 'day') }}, {{ dbt.get_powers_of_two(100) }}
{{ dbt.except() }} {{ dbt.intersect() }}
{{ dbt.date_spine('day', "'2024-01-01'::date", "'2024-01-05'::date") if false }}
