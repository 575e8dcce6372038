using Acornima;
using Acornima.Ast;
using Jint;
using Jint.Native;

namespace FuncChat.Sandbox.Scripts;

/// <summary>
/// Models write <c>await</c> at the top level, which is no part of a script, and a module has no last value. Such a script becomes the body of an
/// async function whose last expression is returned, with every statement on its line and column.
/// </summary>
internal static class TopLevelAwait
{
    private static readonly ParserOptions Options = new() { AllowAwaitOutsideFunction = true, AllowReturnOutsideFunction = true };

    public static JsValue Evaluate(Engine engine, string code)
    {
        if (Parse(code) is not { } script)
            return engine.Evaluate(code, ScriptEngine.ScriptName);

        // The wrapper's first line is line 0, so that the script's stays line 1.
        var positions = ScriptParsingOptions.Default with { SourceOffset = Position.From(0, 0) };
        return engine.Evaluate(Wrap(code, script), ScriptEngine.ScriptName, positions);
    }

    /// <summary>The script, when it awaits at its top level and is sound otherwise.</summary>
    private static Script? Parse(string code)
    {
        if (!code.Contains("await", StringComparison.Ordinal))
            return null;

        try
        {
            var script = new Parser(Options).ParseScript(code);
            return Awaits(script) ? script : null;
        }
        catch (ParseErrorException)
        {
            return null;
        }
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

        // What makes it a return stands at the end of the statement before, where it moves nothing.
        var end = code[last.End - 1] == ';' ? last.End - 1 : last.End;
        return script.Body.Count == 1
            ? $"{Open}return (\n{code[..end]}\n){code[end..]}{Close}"
            : $"{Open}\n{code[..script.Body[^2].End]};return ({code[script.Body[^2].End..end]}\n){code[end..]}{Close}";
    }
}
