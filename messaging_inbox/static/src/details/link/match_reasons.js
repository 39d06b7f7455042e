const REASON_ICONS = {
    same_phone: "fa-phone",
    same_email: "fa-at",
    same_customer: "fa-comments-o",
    same_name: "fa-user-o",
    contact_deal: "fa-handshake-o",
    lead_contact: "fa-handshake-o",
};

export function reasonIcon({reason}) {
    return REASON_ICONS[reason] || "fa-link";
}
