import {useService} from "@web/core/utils/hooks";

/** Return a function that opens a record; the breadcrumb leads back here. */
export function useOpenRecord() {
    const action = useService("action");
    return (model, id) =>
        action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
}
