using System.Text.Json;
using FuncChat.Engine.Models;

namespace FuncChat.Engine.Plans;

/// <summary>
/// The schema of a plan. It uses only what providers' strict modes support: every property is required, and no other is allowed. The reasoning comes first,
/// so that the model thinks before it decides, and users can read along.
/// </summary>
internal static class PlanSchema
{
    public const string Reasoning = "reasoning";

    public const string Json = """
        {
          "type": "object",
          "additionalProperties": false,
          "required": ["reasoning", "text", "search_keywords", "questions", "persona", "complexity"],
          "properties": {
            "reasoning": {
              "type": "string",
              "description": "What the question is about, what makes it hard, and why you plan as you do. A few sentences, to the user."
            },
            "text": { "type": "string", "description": "The plan, in Markdown: the steps that answer the question." },
            "search_keywords": {
              "type": "array",
              "description": "The web searches to make, in order; each a list of the key words of one search. Empty if nothing must be looked up.",
              "items": { "type": "array", "items": { "type": "string" } }
            },
            "questions": {
              "type": "array",
              "description": "What only the user can answer and would change the plan. Empty if everything is clear.",
              "items": { "type": "string" }
            },
            "persona": { "type": "string", "description": "The expert who should write the answer, in a few words." },
            "complexity": { "type": "string", "enum": ["simple", "moderate", "complex"] }
          }
        }
        """;

    public static ResponseSchema ForModel { get; } = new("plan", JsonElement.Parse(Json));
}
