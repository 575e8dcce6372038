using Acornima;
using Acornima.Ast;

namespace FuncChat.Sandbox.Scripts;

/// <summary>
/// Models write <c>await</c> at the top level, which is no part of a script, and a module has no last value. Such a script becomes the body of an
/// async function whose last expression is returned.
/// </summary>
internal static class TopLevelAwait
{
    private static readonly ParserOptions Options = new() { AllowAwaitOutsideFunction = true, AllowReturnOutsideFunction = true };

    /// <exception cref="ParseErrorException">The script is none, with or without await.</exception>
    public static ScriptSource Rewrite(string code)
    {
        if (!code.Contains("await", StringComparison.Ordinal))
            return new ScriptSource(code);

        var script = new Parser(Options).ParseScript(code, ScriptSource.Name);
        return Awaits(script) ? new ScriptSource(Wrap(code, script), LinesBefore: 1) : new ScriptSource(code);
    }

    /// <summary>Without recursion: a long sum is a deep tree.</summary>
    private static bool Awaits(Script script)
    {
        var nodes = new Stack<Node>([script]);
        while (nodes.TryPop(out var node))
        {
            if (node is AwaitExpression or ForOfStatement { Await: true })
                return true;

            if (node is IFunction)
                continue;

            foreach (var child in node.ChildNodes)
                nodes.Push(child);
        }

        return false;
    }

    private static string Wrap(string code, Script script)
    {
        const string Open = "(async () => {";
        const string Close = "\n})()";
        if (script.Body.Count == 0 || script.Body[^1] is not NonSpecialExpressionStatement last)
            return $"{Open}\n{code}{Close}";

        // What makes it a return stands at the end of the statement before, where it moves no line and rarely a column.
        var end = code[last.End - 1] == ';' ? last.End - 1 : last.End;
        return script.Body.Count == 1
            ? $"{Open}return (\n{code[..end]}\n){code[end..]}{Close}"
            : $"{Open}\n{code[..script.Body[^2].End]};return ({code[script.Body[^2].End..end]}\n){code[end..]}{Close}";
    }
}
