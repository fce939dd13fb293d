// Says which files are chosen, in words beside the button.
export default function chosenFiles(input) {
  const place = document.getElementById("chosen-files");
  input.addEventListener("change", () => {
    place.textContent = [...input.files].map((file) => file.name).join(", ");
  });
}
