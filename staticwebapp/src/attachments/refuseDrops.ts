/** Where nothing takes files, the browser would open one that is dropped in place of the page. */
export function refuseDrops(): void {
  const refuse = (event: DragEvent) => {
    const { target, dataTransfer } = event;
    const takes = target instanceof HTMLInputElement && target.type === "file";
    if (dataTransfer?.types.includes("Files") === true && !takes && !event.defaultPrevented) {
      event.preventDefault();
      dataTransfer.dropEffect = "none";
    }
  };
  addEventListener("dragover", refuse);
  addEventListener("drop", refuse);
}
