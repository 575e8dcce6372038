using Jint.Native;
using Jint.Native.Error;
using Jint.Runtime;

namespace FuncChat.Sandbox.Scripts;

/// <summary>Errors as text for the model: what went wrong, and in which line and column. Nothing of this process is in it.</summary>
internal static class ErrorText
{
    /// <summary>Null for what is not the script's error but the end of its time or memory.</summary>
    public static string? Of(Exception exception, ObjectReader objects, int limit) => exception switch
    {
        OutOfMemoryException or ExecutionCanceledException or TimeoutException => null,
        JavaScriptException thrown => Of(thrown.Error, objects, limit, objects.Source.PositionOf(thrown.Location)),
        PromiseRejectedException rejected => Of(rejected.RejectedValue, objects, limit, position: null),
        ScriptException => exception.Message,
        InsufficientExecutionStackException => "RangeError: Maximum call stack size exceeded",
        Jint.ScriptPreparationException => $"SyntaxError: {exception.Message}",
        MemoryLimitExceededException => $"RangeError: Invalid array length: an array has at most {ScriptEngine.MaxArrayLength} elements here.",
        InvalidOperationException => "Modules can't be loaded here: import() is not available.",
        // A fault of the interpreter. Its message may speak of .NET, which helps nobody.
        _ => $"The interpreter can't run this script ({exception.GetType().Name}).",
    };

    /// <summary>An error's name, message and innermost calls, read and not asked for.</summary>
    public static string Of(ErrorInstance error, ObjectReader objects)
    {
        var name = objects.Read(error, "name") is JsString { Length: > 0 } own ? own.ToString() : "Error";
        var head = objects.Read(error, "message") is JsString { Length: > 0 } message ? $"{name}: {message}" : name;
        return string.Join('\n', [head, .. objects.Source.FramesOf(objects.StackOf(error))]);
    }

    private static string Of(JsValue thrown, ObjectReader objects, int limit, string? position)
    {
        var text = new ValueText(objects, limit);
        if (thrown is not ErrorInstance)
            text.AppendTopLevel(new JsString("Uncaught "));
        text.AppendTopLevel(thrown);
        var described = text.ToString();
        return position is null || described.Contains(ScriptSource.Name, StringComparison.Ordinal) ? described : $"{described}\n    at {position}";
    }
}
