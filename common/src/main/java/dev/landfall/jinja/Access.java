package dev.landfall.jinja;

import org.jspecify.annotations.Nullable;

/** Expressions that look something up. */
final class Access {
    private Access() {}

    /** {@code a} */
    record Name(Location location, String name) implements Expression {
        @Override
        public @Nullable Object evaluate(Scope scope) {
            try {
                return scope.get(name);
            } catch (JinjaException mistake) {
                throw mistake.at(location);
            }
        }

        @Override
        public String kind() {
            return "name";
        }
    }

    /** {@code a.b} as something to assign to */
    record NamespaceReference(String namespace, String attribute) implements Expression {
        @Override
        public @Nullable Object evaluate(Scope scope) {
            throw new IllegalStateException("only assigned to");
        }
    }

    /** {@code a.b} */
    record Attribute(Location location, Expression object, String name) implements Expression {
        @Override
        public @Nullable Object evaluate(Scope scope) {
            Object value = object.evaluate(scope);
            try {
                return scope.missing(Attributes.attribute(value, name));
            } catch (JinjaException mistake) {
                throw mistake.at(location);
            }
        }
    }

    /** {@code a[b]} */
    record Item(Location location, Expression object, Expression key) implements Expression {
        @Override
        public @Nullable Object evaluate(Scope scope) {
            Object value = object.evaluate(scope);
            Object index = key.evaluate(scope);
            try {
                return scope.missing(Attributes.item(value, index));
            } catch (JinjaException mistake) {
                throw mistake.at(location);
            }
        }

        @Override
        public boolean isConstant() {
            return object.isConstant() && key.isConstant();
        }
    }

    /** {@code a[b:c:d]}, which unlike an item must exist */
    record Slicing(Location location, Expression object, SliceLiteral slice) implements Expression {
        @Override
        public @Nullable Object evaluate(Scope scope) {
            Object value = object.evaluate(scope);
            try {
                return Attributes.slice(value, slice.evaluate(scope));
            } catch (JinjaException mistake) {
                throw mistake.at(location);
            }
        }

        @Override
        public boolean isConstant() {
            return object.isConstant() && slice.isConstant();
        }
    }

    /** {@code a:b:c} between square brackets */
    record SliceLiteral(
            @Nullable Expression start,
            @Nullable Expression stop,
            @Nullable Expression step) implements Expression {
        @Override
        public Slice evaluate(Scope scope) {
            return new Slice(value(start, scope), value(stop, scope), value(step, scope));
        }

        private static @Nullable Object value(@Nullable Expression part, Scope scope) {
            return part == null ? null : part.evaluate(scope);
        }

        @Override
        public boolean isConstant() {
            return isConstant(start) && isConstant(stop) && isConstant(step);
        }

        private static boolean isConstant(@Nullable Expression part) {
            return part == null || part.isConstant();
        }
    }
}
