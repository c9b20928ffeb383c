// Wagtail's chooser, with the chosen picture beside its size.
(() => {
  class FigureChooser extends window.Chooser {
    initHTMLElements(id) {
      super.initHTMLElements(id);
      this.picture = this.chooserElement.querySelector("[data-chooser-picture]");
    }

    getStateFromHTML() {
      const state = super.getStateFromHTML();
      if (state) state.picture = this.picture.getAttribute("src");
      return state;
    }

    renderState(state) {
      super.renderState(state);
      this.picture.setAttribute("src", state.picture);
    }
  }

  window.FigureChooser = FigureChooser;
})();
