import {Component} from "@odoo/owl";
import {composerTools} from "./composer_tools";

/** The canned replies that match what was typed. */
export class CannedList extends Component {
    static template = "messaging_inbox.CannedList";
    static props = {replies: Array, index: Number, onChoose: Function};
}

/** The button that offers canned replies as `::` does. */
class CannedTool extends Component {
    static template = "messaging_inbox.CannedTool";
    static props = {composer: Object};

    open() {
        this.props.composer.canned.open();
    }
}

composerTools.add("canned", {Component: CannedTool, isShown: () => true});
