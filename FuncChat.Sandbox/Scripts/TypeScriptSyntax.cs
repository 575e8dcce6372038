using System.Text.RegularExpressions;

namespace FuncChat.Sandbox.Scripts;

/// <summary>Recognizes TypeScript in a script that is not valid JavaScript.</summary>
internal static partial class TypeScriptSyntax
{
    public const string Hint = "This looks like TypeScript, which is not supported: write plain JavaScript, without types, interfaces and enums.";

    public static bool IsIn(string code) => Syntax().IsMatch(code);

    // Declarations; types of variables, parameters and results; assertions.
    [GeneratedRegex(
        """
        ^\s*(export\s+)?(declare\s+)?((interface|enum|namespace)\s+\w+[^=\n;]*\{|(abstract\s+class|declare\s+\w+)\s|type\s+\w+(<[^\n]*>)?\s*=)
        |\b(const|let|var)\s+\w+\s*:\s*\w
        |[(,]\s*\w+\s*\??:\s*(string|number|boolean|bigint|any|unknown|object|void|never|Array<|Record<|Map<|Set<|Promise<|[A-Z]\w*(\[\])?\s*[,)])
        |\)\s*:\s*(string|number|boolean|any|unknown|object|void|never|asserts\s+\w+|\w+\s+is\s+\w+|[A-Z]\w*(<[^\n]*>)?)(\[\])*\s*(=>|\{)
        |\b(private|public|protected|readonly)\s+\w+\s*[:(=;]
        |[\w)\]}"'`]\s+(as|satisfies)\s+(const\b|string\b|number\b|boolean\b|any\b|unknown\b|[A-Z]\w*(<[^\n]*>)?(\[\])*\s*([;,)\]]|$))
        |\w!\.\w
        """,
        RegexOptions.Multiline | RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Syntax();
}
