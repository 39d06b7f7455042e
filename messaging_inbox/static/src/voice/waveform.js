import {Component} from "@odoo/owl";

const STEP = 4;
const HALF = 12;
const SMALLEST = 1;

/** Bars as loud as each part of a sound; the share `played` of them has another colour. */
export class Waveform extends Component {
    static template = "messaging_inbox.Waveform";
    static props = {peaks: Array, played: {type: Number, optional: true}};
    static defaultProps = {played: 0};

    get width() {
        return this.props.peaks.length * STEP;
    }

    get playedBars() {
        return Math.round(this.props.played * this.props.peaks.length);
    }

    pathOf(start, end) {
        const {peaks} = this.props;
        const lines = peaks.slice(start, end).map((peak, index) => {
            const x = (start + index) * STEP + STEP / 2;
            const half = Math.max(SMALLEST, peak * (HALF - SMALLEST)).toFixed(1);
            return `M${x} ${HALF - half}v${half * 2}`;
        });
        return lines.join("");
    }
}
