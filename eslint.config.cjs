// ESLint's recommendations, which hold Odoo's own rules, and what OCA adds to them
const js = require("@eslint/js");
const globals = require("globals");

module.exports = [
    {ignores: [".dev/", "node_modules/", "**/lib/"]},
    js.configs.recommended,
    {
        languageOptions: {
            ecmaVersion: 2024,
            sourceType: "module",
            globals: {...globals.browser, luxon: "readonly", odoo: "readonly"},
        },
        rules: {
            complexity: ["error", 10],
            "dot-notation": "error",
            eqeqeq: ["error", "always", {null: "never"}],
            "max-depth": ["error", 3],
            "no-alert": "error",
            "no-duplicate-imports": "error",
            "no-else-return": "error",
            "no-empty-function": "error",
            "no-eval": "error",
            "no-implied-eval": "error",
            "no-lonely-if": "error",
            "no-new-func": "error",
            "no-restricted-globals": ["error", "event", "self"],
            "no-return-assign": "error",
            "no-script-url": "error",
            "no-self-compare": "error",
            "no-shadow": "error",
            "no-throw-literal": "error",
            "no-unneeded-ternary": "error",
            "no-unused-expressions": "error",
            "no-unused-vars": [
                "error",
                {args: "none", ignoreRestSiblings: true, varsIgnorePattern: "^_"},
            ],
            "no-use-before-define": ["error", {functions: false, classes: false}],
            "no-useless-rename": "error",
            "no-var": "error",
            "operator-assignment": ["error", "always"],
            "prefer-const": "error",
            radix: "error",
            "spaced-comment": ["error", "always"],
        },
    },
    {
        files: ["**/static/tests/**"],
        // Tests show what happens to a link that is code
        rules: {"no-script-url": "off"},
    },
    {
        files: ["**/*.cjs"],
        languageOptions: {sourceType: "commonjs", globals: globals.node},
    },
];
