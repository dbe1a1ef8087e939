{% macro default_args(a, b=2, c=none) %}{{ a }}-{{ b }}-{{ c }}{% endmacro %}
{% macro many() %}{{ varargs | join('+') }}|{{ kwargs | dictsort | join(';') }}{% endmacro %}
{% macro wraps(word) %}<{{ word }}>{{ caller() }}</{{ word }}>{% endmacro %}
{% macro each(items) %}{% for item in items %}{{ caller(item, loop.index) }}{% endfor %}{% endmacro %}
{% macro gives_list() %}{{ return([1, 2, 3]) }}{% endmacro %}
{% macro gives_dict() %}{% do return({'a': 1, 'b': {'c': 2}}) %}{% endmacro %}
{% macro early(n) %}{% if n > 1 %}{{ return('big') }}{% endif %}small{% endmacro %}
{% macro recursive(n) %}{% if n <= 0 %}{{ return(0) }}{% endif %}{{ return(n + recursive(n - 1)) }}{% endmacro %}
{% macro typed(a: str, b: int = 3) %}{{ a }}{{ b }}{% endmacro %}
{# {% macro commented() %} #}
