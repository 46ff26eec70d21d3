"use strict";

// Nothing of this page is fetched from, or sent to, anywhere but this office.
addEventListener("DOMContentLoaded", () => {
  const place = document.getElementById("api");
  window.SwaggerUIBundle({
    domNode: place,
    url: place.dataset.document,
    validatorUrl: null,
    supportedSubmitMethods: [],
    deepLinking: false,
  });
});
