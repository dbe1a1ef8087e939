{% macro get_incremental_replace_all_sql(arg_dict) %}
  delete from {{ arg_dict["target_relation"] }} where {{ arg_dict["unique_key"] }} > 1;
  insert into {{ arg_dict["target_relation"] }} ({{ get_quoted_csv(arg_dict["dest_columns"] | map(attribute="name")) }})
  select {{ get_quoted_csv(arg_dict["dest_columns"] | map(attribute="name")) }} from {{ arg_dict["temp_relation"] }}
{% endmacro %}
