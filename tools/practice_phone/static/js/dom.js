/** Builds elements in code, so that text is never markup. */

const SVG = "http://www.w3.org/2000/svg";

/** h("p.note", {title: "x", onclick}, "text", child, null, [more]) */
export function h(tag, props, ...children) {
    const [name, ...classes] = tag.split(".");
    const element = document.createElement(name || "div");
    element.classList.add(...classes);
    for (const [key, value] of Object.entries(props || {})) {
        setProperty(element, key, value);
    }
    element.append(...children.flat(2).filter((child) => isShown(child)));
    return element;
}

function isShown(child) {
    return child != null && child !== false && child !== "";
}

function setProperty(element, key, value) {
    if (value == null || value === false) {
        return;
    }
    if (key.startsWith("on")) {
        element.addEventListener(key.slice(2), value);
    } else if (key === "dataset") {
        Object.assign(element.dataset, value);
    } else if (key === "style") {
        setStyle(element, value);
    } else if (key in element) {
        element[key] = value;
    } else {
        element.setAttribute(key, value);
    }
}

/** Sets each property, because the page's policy allows no style attribute. */
function setStyle(element, values) {
    for (const [name, value] of Object.entries(values)) {
        element.style.setProperty(name, value);
    }
}

const PATHS = {
    add: "M12 5v14M5 12h14",
    alert: "M12 8v5m0 3.200v.1M12 3.500a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17",
    back: "M14.5 5.5 8 12l6.5 6.5",
    undo: "M8.5 5.500 4.500 9.500l4 4M4.500 9.500h9a5 5 0 0 1 0 10H9",
    tap: "M4 8.500h16v7H4zM9 12h6",
    call: "M6.5 4.500h3l1.500 4-2 1.500a11 11 0 0 0 5 5l1.500-2 4 1.500v3c0 1-.8 1.500-1.500 1.500C10.500 18.500 5.500 13.500 5 6c0-.8.6-1.500 1.500-1.500",
    camera: "M4 8h3.500L9 6h6l1.5 2H20v11H4zM12 10.300a3 3 0 1 1 0 6 3 3 0 0 1 0-6",
    check: "m5 12.5 4.3 4.300L19 7.2",
    clock: "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16M12 8v4.300l2.7 1.6",
    close: "m6.5 6.5 11 11m0-11-11 11",
    contact:
        "M12 4.500a3.7 3.7 0 1 1 0 7.4 3.7 3.7 0 0 1 0-7.400M5 19.500c.5-3.4 3.2-5.4 7-5.400s6.5 2 7 5.4",
    copy: "M8.500 8.500h10v11h-10zM15 5.500H5.500v11",
    document:
        "M7 3.500h6.500L18 8v12.500H7zM13 3.800V8.500h4.700M9.7 12.500h5.600M9.7 16h5.6",
    ad: "M4 10v4h3l7 4V6L7 10zM17 9.500c1.5 1 1.5 4 0 5M8 14.500l1 4h2l-1-3",
    download: "M12 4.500v10m-4-4 4 4 4-4M5.5 19h13",
    edit: "M5 19l.8-4L16 4.800a1.6 1.6 0 0 1 2.3 0l.9.9a1.6 1.6 0 0 1 0 2.300L9 18.200zM14.3 6.500l3.2 3.2",
    forward: "m13.5 6 6 5.5-6 5.500v-3.300C9 13.7 6 15 4 18c.5-4.5 3-8 9.5-8.600z",
    link: "M13.5 5H19v5.500M19 5l-8 8M10 6H5.500v12.500H18V14",
    list: "M9 7h11M9 12h11M9 17h11M4.500 7v.1m0 4.900v.1m0 4.900v.1",
    location:
        "M12 20.500s-6.5-5.7-6.5-10.600a6.5 6.5 0 0 1 13 0c0 4.9-6.5 10.6-6.5 10.600M12 7.600a2.4 2.4 0 1 1 0 4.8 2.4 2.4 0 0 1 0-4.8",
    microphone:
        "M12 3.500a2.7 2.7 0 0 1 2.7 2.700v5a2.7 2.7 0 0 1-5.4 0v-5A2.7 2.7 0 0 1 12 3.500M6.5 11.300c0 3.2 2.4 5.4 5.5 5.400s5.5-2.2 5.5-5.400M12 16.700v3.8",
    pause: "M9 6.500v11M15 6.500v11",
    photo: "M4.5 5.500h15v13h-15zM4.5 16l4.3-4.5 3.2 3 3.5-4 4 4.500M9 8.600v.1",
    play: "M8.5 5.800v12.400L18.5 12z",
    redo: "M5.5 12a6.5 6.5 0 1 1 2.2 4.900M5 19v-4h4",
    reply: "M10 6 4.5 11.5 10 17v-3.500c4.5 0 7.5 1.3 9.5 4.3-.5-4.5-3-7.8-9.5-8.300z",
    search: "M10.8 5a5.8 5.8 0 1 1 0 11.6 5.8 5.8 0 0 1 0-11.600m4.2 10 4.5 4.5",
    send: "M5 5.5 20 12 5 18.500l1.8-5.300L13 12l-6.2-1.200z",
    smile: "M12 3.500a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17M9 9.800v.1m6-.1v.1M8.3 14c1.9 2.7 5.5 2.7 7.4 0",
    story: "M12 3.500a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17M12 8.200v7.6M8.2 12h7.6",
    trash: "M5 7h14M9.5 7V4.500h5V7M7 7l.8 12.500h8.400L17 7",
};

export function icon(name) {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("class", `icon icon-${name}`);
    svg.setAttribute("aria-hidden", "true");
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", PATHS[name]);
    svg.append(path);
    return svg;
}

export function iconButton(name, label, onclick, props = {}) {
    const given = {
        type: "button",
        title: label,
        "aria-label": label,
        onclick,
        ...props,
    };
    return h("button.icon-button", given, icon(name));
}

/** Puts the nodes in place without moving those already there, so that players play on. */
export function reconcile(parent, nodes) {
    const wanted = new Set(nodes);
    for (const child of [...parent.childNodes]) {
        if (!wanted.has(child)) {
            child.remove();
        }
    }
    nodes.forEach((node, index) => {
        if (parent.childNodes[index] !== node) {
            parent.insertBefore(node, parent.childNodes[index] || null);
        }
    });
}
