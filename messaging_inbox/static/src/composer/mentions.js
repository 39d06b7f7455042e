import {normalize} from "@web/core/l10n/utils";
import {Suggestions} from "./suggestions";
import {useService} from "@web/core/utils/hooks";

// An @ at the beginning of a word, and the text after it.
const MENTION = /(?:^|\s)@([^\s@][^\n@]{0,30}|)$/u;
const MOST = 6;

/** Mentions of colleagues in a note: the text before the caret, and who matches it. */
class Mentions extends Suggestions {
    constructor(conversation, text, store) {
        super();
        this.conversation = conversation;
        this.text = text;
        this.store = store;
    }

    get query() {
        const {el} = this.text;
        return el ? MENTION.exec(el.value.slice(0, el.selectionStart))?.[1] : undefined;
    }

    async look() {
        if (!this.conversation.isNote || this.query === undefined) {
            this.close();
            return;
        }
        const colleagues = await this.load();
        const {query} = this; // Read after waiting: the user may have typed on.
        this.show(matching(colleagues, query));
    }

    /** Load colleagues once; if that fails, the note has no mentions. */
    load() {
        const {api, user} = this.store;
        this.loading ??= api.assignees([this.conversation.id]).then(
            (people) => people.filter(({id}) => id !== user.id),
            () => []
        );
        return this.loading;
    }

    choose(person) {
        const {el} = this.text;
        const start = el.selectionStart - this.query.length;
        const [before, after] = [
            el.value.slice(0, start),
            el.value.slice(el.selectionStart),
        ];
        const written = `${before}${person.name} `;
        this.conversation.draft.mention(person);
        this.conversation.write(written + after);
        el.value = written + after;
        el.setSelectionRange(written.length, written.length);
        this.close();
    }
}

/** Return the people whose name has a word that begins with the query. */
function matching(people, query) {
    if (query === undefined) {
        return [];
    }
    const wanted = normalize(query);
    return people
        .filter(({name}) => ` ${normalize(name)}`.includes(` ${wanted}`))
        .slice(0, MOST);
}

export function useMentions(conversation, text) {
    return new Mentions(conversation, text, useService("messaging_inbox.store"));
}
