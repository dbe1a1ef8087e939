{% macro _is_relation(obj, macro) %}
  {%- if not (obj is mapping and obj.get('metadata', {}).get('type', '').endswith('Relation')) -%}
    {%- do exceptions.raise_compiler_error("Macro " ~ macro ~ " wants a Relation, got " ~ obj) -%}
  {%- endif -%}
{% endmacro %}

{% macro _is_ephemeral(obj, macro) %}
  {%- if obj.is_cte -%}
    {% set ephemeral_prefix = api.Relation.add_ephemeral_prefix('') %}
    {% if obj.name.startswith(ephemeral_prefix) %}
      {% set model_name = obj.name[(ephemeral_prefix | length):] %}
    {% else %}
      {% set model_name = obj.name %}
    {% endif %}
    {% set error_message %}
The `{{ macro }}` macro needs the columns of '{{ model_name }}', which is ephemeral: it has none.
    {% endset %}
    {%- do exceptions.raise_compiler_error(error_message) -%}
  {%- endif -%}
{% endmacro %}

{% macro slugify(string) %}
  {% if string == none %}{{ return('') }}{% endif %}
  {#- down, single underscores, no first digit -#}
  {% set string = string | lower %}
  {% set string = modules.re.sub('[ -]+', '_', string) %}
  {% set string = modules.re.sub('[^a-z0-9_]+', '', string) %}
  {% set string = modules.re.sub('^[0-9]', '_' ~ string[0], string) %}
  {{ return(string) }}
{% endmacro %}

{% macro pretty_time(format='%H:%M:%S') %}{{ return(adapter.dispatch('pretty_time', 'dbt_utils')(format)) }}{% endmacro %}
{% macro default__pretty_time(format='%H:%M:%S') %}{{ return(modules.datetime.datetime.now().strftime(format)) }}{% endmacro %}

{% macro pretty_log_format(message) %}{{ return(adapter.dispatch('pretty_log_format', 'dbt_utils')(message)) }}{% endmacro %}
{% macro default__pretty_log_format(message) %}{{ return(dbt_utils.pretty_time() ~ ' + ' ~ message) }}{% endmacro %}

{% macro log_info(message) %}{{ return(adapter.dispatch('log_info', 'dbt_utils')(message)) }}{% endmacro %}
{% macro default__log_info(message) %}{{ log(dbt_utils.pretty_log_format(message), info=True) }}{% endmacro %}
