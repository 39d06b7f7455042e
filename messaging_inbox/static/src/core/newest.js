/**
 * Handles the answer to the newest of several requests only. Unlike with `KeepLast`,
 * earlier callers resume as soon as that answer arrives.
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
        await this.asking?.catch(() => undefined);
    }

    /** Ignore the answers to all requests so far. */
    forget() {
        this.asking = null;
    }
}
