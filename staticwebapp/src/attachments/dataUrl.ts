export function dataUrl(blob: Blob, type: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(`data:${type};base64,${String(reader.result).split(",", 2)[1] ?? ""}`);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}
