import {Component, useEffect, useRef, useState} from "@odoo/owl";

/** The end of a list: skeletons while it loads, and the next page once it is in sight. */
export class LoadMore extends Component {
    static template = "messaging_inbox.LoadMore";
    static props = {list: Object};

    setup() {
        this.list = useState(this.props.list);
        this.end = useRef("end");
        useEffect(
            (el) => {
                const observer = new IntersectionObserver(([entry]) => {
                    if (entry.isIntersecting && this.list.isLoaded) {
                        this.list.loadMore();
                    }
                });
                observer.observe(el);
                return () => observer.disconnect();
            },
            // A new page may leave the end in sight: observing anew reports it again.
            () => [this.end.el, this.list.cursor]
        );
    }

    get skeletons() {
        return this.list.cursor === false ? [1, 2, 3, 4] : [1];
    }
}
