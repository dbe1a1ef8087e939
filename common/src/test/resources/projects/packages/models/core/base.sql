select 1 as id, '{{ var("wordy") }}' as words, '{{ tools.wrapped("a") }}' as w, '{{ tools.other("b") }}' as o,
  '{{ helper("c") }}' as h, '{{ tools.helper("d") }}' as th, '{{ tools.calls_helper("e") }}' as ch,
  {{ dbt.dateadd('day', 1, 'x') }} as later, {{ dbt.datediff('a', 'b', 'week') }} as weeks, {{ dateadd('quarter', 2, 'y') }} as quarter_later
