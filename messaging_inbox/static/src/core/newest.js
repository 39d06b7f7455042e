/**
 * Of several questions, the answer to the newest counts. Unlike with `KeepLast`, whoever
 * asked earlier goes on as soon as that answer is there.
 */
export class Newest {
    async take(asking, onAnswer, onError) {
        this.asking = asking;
        const handle = await asking.then(
            (answer) => () => onAnswer(answer),
            (error) => () => onError(error)
        );
        if (this.asking === asking) {
            handle();
            return;
        }
        await this.asking.catch(() => undefined);
    }
}
