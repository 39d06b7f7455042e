import {registry} from "@web/core/registry";

/**
 * The buttons between emoji and text, each added by the feature that it opens:
 * `{Component, isShown(composer)}`. The component's prop `composer` is the Composer, of
 * which it may use `conversation`, `draft`, `insert(text)`, `addFiles(files)`, `focus()`.
 */
export const composerTools = registry.category("messaging_inbox.composer_tools");
