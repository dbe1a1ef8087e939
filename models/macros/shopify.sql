{#
  A refund comes twice: in the stream order_refunds, once, when it is made, and inside its order, afresh each time the
  order changes. Both models read its transactions and adjustments with these.
#}

{% macro refund_cash(transactions, status) -%}
    {{ total_of(transactions, 'x.amount', "x.kind = 'refund' and x.status = '" ~ status ~ "'") }}
{%- endmacro %}

{# True unless some refund transaction has not succeeded: edits and cancellations move no cash and are settled. #}
{% macro refund_is_settled(transactions) -%}
    coalesce(len([x for x in {{ transactions }} if x.kind = 'refund' and x.status is distinct from 'success']), 0) = 0
{%- endmacro %}

{% macro refund_adjustments(adjustments, amount, kind) -%}
    {{ total_of(adjustments, 'x.' ~ amount, "x.kind = '" ~ kind ~ "'") }}
{%- endmacro %}
