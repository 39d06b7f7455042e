import {beforeEach, describe, expect, test} from "@odoo/hoot";
import {allowTranslations} from "@web/../tests/web_test_helpers";
import {eventText} from "@messaging_inbox/core/event_text";

describe.current.tags("headless");

beforeEach(() => allowTranslations());

const nameOf = (id) => ({1: "Ana", 2: "Bruno"})[id];
const event = (event_type, values) =>
    eventText({event_type, author_id: false, event_to: false, ...values}, nameOf);

test("events keep the name of a deleted user", () => {
    const byTina = {data: {former: {author: "Tina"}}};
    expect(event("assigned", byTina)).toBe("Tina unassigned the conversation");
    expect(event("assigned", {...byTina, event_to: 1})).toBe(
        "Tina assigned the conversation to Ana"
    );
    expect(event("assigned", {data: {former: {author: "Tina", to: "Tina"}}})).toBe(
        "Tina took the conversation"
    );
    expect(event("assigned", {author_id: 2, data: {former: {to: "Tina"}}})).toBe(
        "Bruno assigned the conversation to Tina"
    );
    expect(event("assigned", {data: {former: {from: "Tina"}}})).toBe(
        "The conversation was unassigned from Tina"
    );
    expect(event("closed", byTina)).toBe("Tina closed the conversation");
    expect(event("reopened", byTina)).toBe("Tina reopened the conversation");
    expect(event("linked", {data: {name: "Ana", former: {author: "Tina"}}})).toBe(
        "Tina linked Ana"
    );
});

test("a start names who wrote first", () => {
    expect(event("started", {author_id: 1})).toBe("Ana started the conversation");
    expect(event("started", {data: {former: {author: "Tina"}}})).toBe(
        "Tina started the conversation"
    );
});

test("only an automatic reopening is attributed to the customer", () => {
    expect(event("reopened", {})).toBe("The conversation was reopened");
    expect(event("reopened", {data: {automatic: true}})).toBe(
        "Reopened by the customer's message"
    );
});

test("assigning to a namesake doesn't read as taking", () => {
    const values = {author_id: 1, event_to: 3};
    const text = eventText({event_type: "assigned", ...values}, () => "Ana");
    expect(text).toBe("Ana assigned the conversation to Ana");
});

test("a new number and a call are told", () => {
    const numbers = {from: "+34600000001", to: "+34600000002"};
    expect(event("moved", {data: numbers})).toBe(
        "The customer's number changed from +34600000001 to +34600000002"
    );
    expect(event("moved", {data: {from: "+34600000001"}})).toBe(
        "The customer changed their number, and doesn't show the new one"
    );
    const called = (data) => event("called", {data});
    expect(called({status: "ringing"})).toBe("The customer is calling");
    expect(called({status: "completed", seconds: 9})).toBe(
        "The customer called for 9 seconds"
    );
    expect(called({status: "rejected"})).toBe(
        "The customer called, and nobody answered"
    );
    expect(called({by_us: true, status: "completed"})).toBe(
        "Someone called the customer outside Odoo"
    );
    expect(event("marketing_stopped")).toBe(
        "The customer wants no more marketing messages"
    );
    expect(event("marketing_resumed")).toBe(
        "The customer wants marketing messages again"
    );
});
