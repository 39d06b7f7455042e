import {Component, useEffect, useRef, useState} from "@odoo/owl";

/** The end of a list: shows skeletons, and loads the next page once it is visible. */
export class LoadMore extends Component {
    static template = "messaging_inbox.LoadMore";
    static props = {list: Object};

    setup() {
        this.list = useState(this.props.list);
        this.end = useRef("end");
        useEffect(
            (el) => {
                const observer = new IntersectionObserver((entries) => {
                    if (entries.at(-1).isIntersecting && this.list.isLoaded) {
                        this.list.loadMore();
                    }
                });
                observer.observe(el);
                return () => observer.disconnect();
            },
            // The end may still be visible after a page or a reload, or have become so
            // meanwhile: observing again reports it.
            () => [this.end.el, this.list.isLoaded, this.list.cursor]
        );
    }

    get skeletons() {
        return this.list.cursor === false ? [1, 2, 3, 4] : [1];
    }
}
