namespace FuncChat.Sandbox.Scripts;

/// <summary>Recognizes a script that is a module by the compiler's error.</summary>
internal static class ModuleSyntax
{
    public const string Hint = "Modules are not available here: write one script, without import and export.";

    public static bool IsMeantBy(string error) =>
        error.Contains("outside a module", StringComparison.Ordinal) || error.Contains("Unexpected token 'export'", StringComparison.Ordinal);
}
