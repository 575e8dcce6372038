namespace FuncChat.Sandbox.Scripts;

/// <summary>What the engine runs for a script.</summary>
/// <param name="Insertions">What was added to the script, in order, so that positions can be reported as in the script as it was written.</param>
/// <param name="Lines">The lines of the script as it was written.</param>
internal sealed record ScriptSource(string Text, IReadOnlyList<Insertion> Insertions, int Lines);

/// <summary>Text that was added on a line (from 1) at a column (from 0) of the original script.</summary>
internal sealed record Insertion(int Line, int Column, int Length);
