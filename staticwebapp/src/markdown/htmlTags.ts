/** Tags that are shown as elements. Only without attributes, so that nothing can be hidden in them. */
export const htmlTags = "br|sub|sup|kbd|mark|details|summary|b|strong|i|em|u|s|del|ins|small|ul|ol|li";
