using System.Text;
using Acornima;
using Acornima.Ast;

namespace FuncChat.Sandbox.Scripts;

/// <summary>
/// Prepares a script as models write them: in a Markdown fence, with `await` or `return` at the top level, or with an object literal or a
/// declaration where its result is meant. No line moves.
/// </summary>
internal static class ScriptRewriter
{
    private const string Open = "(async __result => {";
    private const string Close = "\nreturn __result })()";
    private const string Assign = "__result=(";
    private const string Reset = "__result=void 0;";
    private const int MaxTries = 5;

    private static readonly ParserOptions Options = new()
    {
        AllowAwaitOutsideFunction = true,
        AllowReturnOutsideFunction = true,
    };

    /// <summary>The script as it is where it can't be parsed: the engine reports what is wrong with it.</summary>
    public static ScriptSource Rewrite(string code)
    {
        code = WithoutFence(code);
        if (TryParse(code) is { } script)
            return Apply(code, Edits(code, script));
        if (ObjectAtTheEnd(code) is not var (start, before))
            return Apply(code, []);

        var end = code.TrimEnd().TrimEnd(';').Length;
        return NeedsFunction(before)
            ? Apply(code, [(0, Open), (start, $";{Assign}"), (end, ")"), (code.Length, Close)])
            : Apply(code, [(start, ";("), (end, ")")]);
    }

    private static string WithoutFence(string code)
    {
        var text = code.Trim();
        var firstLine = text.IndexOf('\n', StringComparison.Ordinal);
        return firstLine > 0 && text.Length > firstLine + 3
            && text.StartsWith("```", StringComparison.Ordinal) && text.EndsWith("```", StringComparison.Ordinal)
                ? text[(firstLine + 1)..^3].TrimEnd()
                : code;
    }

    private static Script? TryParse(string code)
    {
        try
        {
            return new Parser(Options).ParseScript(code);
        }
        catch (Exception exception) when (exception is ParseErrorException or InsufficientExecutionStackException)
        {
            return null;
        }
    }

    private static List<(int At, string Text)> Edits(string code, Script script)
    {
        var edits = new List<(int At, string Text)>();
        if (script.Body.LastOrDefault(statement => statement is not EmptyStatement) is not { } last)
            return edits;

        if (last is BlockStatement { Body.Count: > 0 } && IsObject(code[last.Start..last.End]))
            edits.AddRange([(last.Start, ";("), (last.End, ")")]);
        else if (DeclaredValue(script, last) is { } value)
            edits.Add((last.End, $"\n;{value}"));

        if (!NeedsFunction(script))
            return edits;

        if (edits is [.., var (at, text)])
        {
            // The result is now an expression of its own.
            edits = text == ")"
                ? [(last.Start, $";{Assign}"), (last.End, ")")]
                : [(at, $"\n;{Assign}{text[2..]})")];
        }
        else
        {
            MarkCompletion(code, script.Body, edits);
        }

        return [(0, Open), .. edits.OrderBy(edit => edit.At), (code.Length, Close)];
    }

    /// <summary>What a declaration at the end declares. A function there mostly belongs to the code before it, so it is the value only where nothing else is.</summary>
    private static string? DeclaredValue(Script script, Statement last) => last switch
    {
        VariableDeclaration { Declarations: [.., { Id: Identifier { Name: var name } }] } => name,
        VariableDeclaration { Declarations: [.., { Id: ArrayPattern pattern }] } => $"[{string.Join(',', NamesIn(pattern))}]",
        VariableDeclaration { Declarations: [.., { Id: ObjectPattern pattern }] } => $"({{{string.Join(',', NamesIn(pattern))}}})",
        ClassDeclaration { Id.Name: var name } => name,
        FunctionDeclaration { Id.Name: var name } when script.Body.All(each => each is Declaration or EmptyStatement or Directive) => name,
        _ => null,
    };

    private static IEnumerable<string> NamesIn(Node? pattern) => pattern switch
    {
        Identifier { Name: var name } => [name],
        ArrayPattern { Elements: var elements } => elements.SelectMany(NamesIn),
        ObjectPattern { Properties: var properties } => properties.SelectMany(NamesIn),
        Property { Value: var value } => NamesIn(value),
        AssignmentPattern { Left: var target } => NamesIn(target),
        RestElement { Argument: var rest } => NamesIn(rest),
        _ => [],
    };

    /// <summary>Without recursion: a long sum is a deep tree.</summary>
    private static bool NeedsFunction(Script script)
    {
        var nodes = new Stack<Node>([script]);
        while (nodes.TryPop(out var node))
        {
            if (node is AwaitExpression or ForOfStatement { Await: true } or ReturnStatement)
                return true;

            if (node is IFunction)
                continue;

            foreach (var child in node.ChildNodes)
                nodes.Push(child);
        }

        return false;
    }

    /// <summary>
    /// Keeps the value of each expression that may be the last one, as `eval` would return it: declarations have no value, and a statement that holds
    /// others has none until one of these has one.
    /// </summary>
    private static void MarkCompletion(string code, in NodeList<Statement> statements, List<(int At, string Text)> edits)
    {
        foreach (var statement in statements)
        {
            if (statement is TryStatement or SwitchStatement || HoldsStatements(statement))
                edits.Add((statement.Start, Reset));
            MarkCompletion(code, statement, edits);
        }
    }

    private static void MarkCompletion(string code, Statement? statement, List<(int At, string Text)> edits)
    {
        switch (statement)
        {
            case NonSpecialExpressionStatement:
                edits.Add((statement.Start, Assign));
                edits.Add((code[statement.End - 1] == ';' ? statement.End - 1 : statement.End, ")"));
                break;
            case BlockStatement block:
                MarkCompletion(code, block.Body, edits);
                break;
            case TryStatement attempt:
                MarkCompletion(code, attempt.Block, edits);
                if (attempt.Handler is { Body: var handler })
                {
                    edits.Add((handler.Start + 1, Reset));
                    MarkCompletion(code, handler, edits);
                }

                break;
            case SwitchStatement { Cases: var cases }:
                foreach (var each in cases)
                    MarkCompletion(code, each.Consequent, edits);
                break;
            case not null when HoldsStatements(statement):
                foreach (var held in statement.ChildNodes.OfType<Statement>())
                    MarkCompletion(code, held, edits);
                break;
        }
    }

    private static bool HoldsStatements(Statement statement) => statement
        is IfStatement or WithStatement or LabeledStatement or ForStatement or ForInStatement or ForOfStatement or WhileStatement or DoWhileStatement;

    /// <summary>Where an object literal ends the script, such as `{ "a": 1, "b": 2 }` on a line of its own, and what precedes it.</summary>
    private static (int Start, Script Before)? ObjectAtTheEnd(string code)
    {
        if (!code.TrimEnd().TrimEnd(';').EndsWith('}'))
            return null;

        var start = code.Length;
        for (var tries = 0; tries < MaxTries && start > 0; tries++)
        {
            start = code.LastIndexOf('{', start - 1);
            if (start < 0)
                return null;
            var lineStart = code.LastIndexOf('\n', start) + 1;
            if (code.AsSpan(lineStart, start - lineStart).IsWhiteSpace() && IsObject(code[start..].TrimEnd().TrimEnd(';')) && TryParse(code[..start]) is { } before)
                return (start, before);
        }

        return null;
    }

    private static bool IsObject(string text) =>
        TryParse($"({text})") is { Body: [NonSpecialExpressionStatement { Expression: ObjectExpression }] };

    private static ScriptSource Apply(string code, List<(int At, string Text)> edits)
    {
        var text = new StringBuilder();
        var insertions = new List<Insertion>();
        var from = 0;
        var line = 1;
        var lineStart = 0;
        var newline = code.IndexOf('\n');
        foreach (var (at, added) in edits)
        {
            for (; newline >= 0 && newline < at; newline = code.IndexOf('\n', lineStart))
            {
                line++;
                lineStart = newline + 1;
            }

            insertions.Add(new Insertion(line, at - lineStart, added.Length));
            text.Append(code, from, at - from).Append(added);
            from = at;
        }

        return new ScriptSource(text.Append(code, from, code.Length - from).ToString(), insertions, code.AsSpan().Count('\n') + 1);
    }
}
