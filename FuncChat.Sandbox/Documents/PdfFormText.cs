using System.Text;
using UglyToad.PdfPig;
using UglyToad.PdfPig.AcroForms;
using UglyToad.PdfPig.AcroForms.Fields;

namespace FuncChat.Sandbox.Documents;

/// <summary>What is filled in a form, which is not part of the text of its pages.</summary>
internal sealed class PdfFormText
{
    private readonly ILookup<int, AcroFieldBase> _fields;

    private PdfFormText(IEnumerable<AcroFieldBase> fields) => _fields = fields.ToLookup(field => field.PageNumber ?? 1);

    /// <summary>Empty if the document has no form, or one that is damaged.</summary>
    public static PdfFormText Read(PdfDocument document)
    {
        try
        {
            return new PdfFormText(document.TryGetForm(out var form) ? form.GetFields() : []);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return new PdfFormText([]);
        }
    }

    /// <summary>A line for each field of a page that has a value, after a heading.</summary>
    public string OfPage(int number)
    {
        var text = new StringBuilder();
        foreach (var field in _fields[number])
        {
            if (ValueOf(field) is { Length: > 0 } value)
                text.Append(text.Length == 0 ? "\n\nForm fields:\n" : "\n").Append(NameOf(field)).Append(": ").Append(value);
        }

        return text.ToString();
    }

    private static string NameOf(AcroFieldBase field) =>
        field.Information.AlternateName is { Length: > 0 } name ? name : field.Information.PartialName is { Length: > 0 } partial ? partial : "Field";

    private static string? ValueOf(AcroFieldBase field) => field switch
    {
        AcroTextField text => text.Flags.HasFlag(AcroTextFieldFlags.Password) ? null : text.Value,
        AcroComboBoxField choice => string.Join(", ", choice.SelectedOptions),
        AcroListBoxField choice => string.Join(", ", choice.SelectedOptions),
        AcroCheckboxField box => box.IsChecked ? "[x]" : "[ ]",
        AcroRadioButtonField { IsSelected: true } button => button.CurrentValue.Data,
        _ => null,
    };
}
