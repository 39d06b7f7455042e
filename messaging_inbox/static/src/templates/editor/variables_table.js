import {Component} from "@odoo/owl";
import {ModelFieldSelector} from "@web/core/model_field_selector/model_field_selector";
import {_t} from "@web/core/l10n/translation";

/** The models that values come from, as the server knows them (`binding.py`). */
export const SOURCES = [
    {value: "partner", label: _t("Contact"), model: "res.partner"},
    {value: "lead", label: _t("Lead or deal"), model: "crm.lead"},
    {
        value: "conversation",
        label: _t("Conversation"),
        model: "messaging.conversation",
    },
    {value: "user", label: _t("Assignee"), model: "res.users"},
    {value: "company", label: _t("Company"), model: "res.company"},
];
const TYPES = ["char", "text", "selection", "many2one", "date", "datetime"];
TYPES.push("integer", "float", "monetary");

/** A row for each variable: its sample, and the field that its value comes from. */
export class VariablesTable extends Component {
    static template = "messaging_inbox.TemplateVariablesTable";
    static components = {ModelFieldSelector};
    static props = {
        names: Array,
        samples: Object,
        bindings: Object,
        readonly: {type: Boolean, optional: true},
        canBind: {type: Boolean, optional: true},
        onSample: Function,
        onBinding: Function,
        onLeave: Function,
    };

    setup() {
        this.sources = SOURCES;
        this.placeholder = (name) => `{{${name}}}`;
    }

    sourceOf(name) {
        return this.props.bindings[name]?.source || "";
    }

    labelOf(name) {
        const source = SOURCES.find(({value}) => value === this.sourceOf(name));
        return source ? String(source.label) : _t("Typed by the Agent");
    }

    pathOf(name) {
        return this.props.bindings[name]?.path || "";
    }

    modelOf(name) {
        return SOURCES.find(({value}) => value === this.sourceOf(name))?.model;
    }

    /** Another source has other fields. */
    setSource(name, source) {
        this.props.onBinding(name, source ? {source, path: ""} : null);
    }

    setPath(name, path) {
        this.props.onBinding(name, {source: this.sourceOf(name), path: path || ""});
    }

    /** Return whether a field can be chosen, or leads to others. */
    isUsable({type, name}) {
        return TYPES.includes(type) && !name.startsWith("_");
    }
}
