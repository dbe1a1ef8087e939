select '{{ var("word") }}' as word
