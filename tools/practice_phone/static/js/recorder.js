/** Records a voice note, in WhatsApp's OGG where the browser can. */

const ENDINGS = {
    "audio/ogg;codecs=opus": "ogg",
    "audio/mp4": "m4a",
    "audio/webm;codecs=opus": "webm",
};

export async function record(onSecond) {
    const sound = await navigator.mediaDevices.getUserMedia({audio: true});
    const mimeType = Object.keys(ENDINGS).find((type) =>
        MediaRecorder.isTypeSupported(type)
    );
    const recorder = new MediaRecorder(sound, {mimeType});
    const parts = [];
    const started = Date.now();
    const timer = setInterval(() => onSecond((Date.now() - started) / 1000), 250);
    recorder.ondataavailable = (event) => parts.push(event.data);
    recorder.start();

    function cancel() {
        clearInterval(timer);
        sound.getTracks().forEach((track) => track.stop());
    }

    async function finish() {
        const stopped = new Promise((resolve) => (recorder.onstop = resolve));
        recorder.stop();
        await stopped;
        const type = mimeType.split(";")[0];
        return new File(parts, `voice.${ENDINGS[mimeType]}`, {type});
    }

    return {cancel, finish};
}
