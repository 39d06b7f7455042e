import {useState} from "@odoo/owl";

export const NARROWEST = 256;
export const WIDEST = 640;
const STEP = 16;
const KEPT = "detailsWidth";

/** Let the user set the pane's width, in pixels, with the pointer or the arrow keys. */
export function usePaneWidth(storage) {
    const state = useState({width: storage.read(KEPT) || 320, isDragging: false});
    const isRtl = () => document.documentElement.dir === "rtl";

    function set(width) {
        state.width = Math.round(Math.min(WIDEST, Math.max(NARROWEST, width)));
    }

    function keep() {
        state.isDragging = false;
        storage.write(KEPT, state.width);
    }

    return {
        state,
        onPointerdown(ev) {
            ev.preventDefault();
            ev.target.focus();
            ev.target.setPointerCapture(ev.pointerId);
            state.isDragging = true;
            Object.assign(state, {from: ev.clientX, before: state.width});
        },
        onPointermove(ev) {
            if (state.isDragging) {
                const moved = ev.clientX - state.from;
                set(state.before + (isRtl() ? moved : -moved));
            }
        },
        onPointerup: keep,
        onKeydown(ev) {
            const wider = isRtl() ? "ArrowRight" : "ArrowLeft";
            if (["ArrowLeft", "ArrowRight"].includes(ev.key)) {
                ev.preventDefault();
                set(state.width + (ev.key === wider ? STEP : -STEP));
                keep();
            }
        },
    };
}
