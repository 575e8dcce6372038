namespace FuncChat.Tools;

/// <summary>Marks text from outside, so that the model takes it for material and not for instructions.</summary>
public static class UntrustedText
{
    private const string Open = "<untrusted_content>";
    private const string Close = "</untrusted_content>";

    /// <summary>The text between marks that it cannot close by itself.</summary>
    public static string Wrap(string text) =>
        $"{Open}\n{text.Replace(Close, "<\\/untrusted_content>", StringComparison.OrdinalIgnoreCase)}\n{Close}";
}
