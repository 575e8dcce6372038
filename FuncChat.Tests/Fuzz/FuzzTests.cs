using System.Text;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Fuzz;

/// <summary>
/// Feeds a target many inputs that are nearly good. Each test class is one target; xunit runs them side by side. An input that breaks a target
/// is kept in `Findings/{target}`, where it is tried first ever after, and is a start for others.
/// </summary>
public abstract class FuzzTests(string target, int seed)
{
    // Of the methods that the nightly inputs reach in the scraper and its libraries, these reach 98 %, in a fifth of the time.
    private const int Inputs = 20_000;
    private const int NightlyInputs = 100_000;

    /// <summary>Good inputs, to begin from.</summary>
    protected abstract IReadOnlyList<string> Good { get; }

    /// <summary>Pieces that mean something to the target.</summary>
    protected abstract IReadOnlyList<string> Tokens { get; }

    [Fact]
    public void Target_withstands_twenty_thousand_inputs_and_all_that_ever_failed_it() => TryAll(Inputs);

    [NightlyFact]
    public void Nightly_target_withstands_a_hundred_thousand_inputs() => TryAll(NightlyInputs);

    /// <summary>Fails, or throws, where the target does not withstand the input.</summary>
    protected abstract void Check(byte[] input);

    private void TryAll(int inputs)
    {
        var folder = Repository.PathOf("FuncChat.Tests", "Fuzz", "Findings", target);
        var findings = Directory.Exists(folder) ? Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes).ToList() : [];
        foreach (var finding in findings)
            Try(finding);

        var mutator = new Mutator(seed, [.. Good.Select(Encoding.UTF8.GetBytes), .. findings], Tokens);
        for (var input = 0; input < inputs; input++)
            Try(mutator.Next());
    }

    private void Try(byte[] input)
    {
        try
        {
            Check(input);
        }
        catch (Exception broken)
        {
            Assert.Fail($"""
                Keep this input as a file with a descriptive name, and fix the bug that it shows:
                echo {Convert.ToBase64String(input)} | base64 -d > FuncChat.Tests/Fuzz/Findings/{target}/name
                {broken}
                """);
        }
    }
}
