using System.Text.RegularExpressions;

namespace FuncChat.Sandbox.Scripts;

/// <summary>Recognizes TypeScript in a script that is not valid JavaScript.</summary>
internal static partial class TypeScriptSyntax
{
    public const string Hint = "This looks like TypeScript, which is not supported: write plain JavaScript, without types, interfaces and enums.";

    /// <summary>False, too, if that takes too long to find.</summary>
    public static bool IsIn(string code)
    {
        try
        {
            return Syntax().IsMatch(code);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    // Declarations; types of variables, parameters and results; assertions. It is compiled with this project: to build one that doesn't backtrack takes a sixth of the
    // time in which a process starts.
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
        RegexOptions.Multiline | RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Syntax();
}
