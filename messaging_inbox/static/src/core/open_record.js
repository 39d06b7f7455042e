import {useService} from "@web/core/utils/hooks";

/** Leaves for the full record; the breadcrumb leads back to this conversation. */
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
